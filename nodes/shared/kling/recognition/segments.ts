/** A part of a picture that Kling looks for. */
export interface Segment {
	/** The name in this node's output and parameters. */
	name: string;
	/** The name in Kling's answer. */
	type: string;
	/** The flag in this node's output, and the URL of its image. */
	flag: string;
	url: string;
	/** The name that people read. */
	label: string;
	description: string;
}

/** All segments, one row each, in the order of the output. Source: Kling's API reference, "Image Recognize". */
export const SEGMENTS = [
	{
		name: 'object',
		type: 'object_seg',
		flag: 'hasObject',
		url: 'objectUrl',
		label: 'Object',
		description: 'Something stands out from the background: a person, an animal, a product. Ask for it before Image to Video.',
	},
	{
		name: 'head',
		type: 'head_seg',
		flag: 'hasHead',
		url: 'headUrl',
		label: 'Head',
		description: "A person's head with its hair. Ask for it, and for a face, before Talking Avatar.",
	},
	{
		name: 'face',
		type: 'face_seg',
		flag: 'hasFace',
		url: 'faceUrl',
		label: 'Face',
		description: "A person's face; its image leaves the hair out. Ask for it before Talking Avatar.",
	},
	{
		name: 'cloth',
		type: 'cloth_seg',
		flag: 'hasCloth',
		url: 'clothUrl',
		label: 'Clothing',
		description: 'Clothing, worn or not. Ask for it before Virtual Try-On.',
	},
] as const satisfies readonly Segment[];

export type SegmentName = (typeof SEGMENTS)[number]['name'];
export type SegmentFlag = (typeof SEGMENTS)[number]['flag'];
export type SegmentUrl = (typeof SEGMENTS)[number]['url'];
