/** What each of the two nodes does, as the node panel lists it. */
export const ACTIONS = {
	'Kling Recognition': ['Recognize an image', 'Identify faces in a video'],
	'Kling Generation': [
		'Make a video from an image',
		'Make a video from text',
		'Make a lip sync',
		'Make a talking avatar',
		'Make a virtual try on',
		'Make speech from text',
		'Get a task',
		'Get many tasks',
	],
};
