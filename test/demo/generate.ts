import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { TaskOperation } from '../../nodes/shared/kling/tasks/taskRoutes';
import type { Engine } from '../engine/engine';
import { findingsOf, runNode, type Finding } from './nodeRun';
import type { Subject } from './subjects';

/** What is to be made, from what was found. */
export interface Wishes {
	/** Images with a face and a head. */
	avatar: Subject[];
	/** Faces that are on screen for long enough. */
	lipSync: Subject[];
	/** Videos that begin with words alone. */
	textToVideo: Subject[];
}

/** What shall be heard in what is made: the fields of the node, or the file. */
export interface Audio {
	parameters: IDataObject;
	binary?: INodeExecutionData['binary'];
}

/** What became of one wish. */
export interface Creation extends Finding {
	operation: TaskOperation;
}

/** Looks first: only what can work is worth its price. */
export function wishesOf(images: Finding[], videos: Finding[]): Wishes {
	return {
		avatar: images.flatMap(({ subject, json, binary }) =>
			json?.hasFace === true && json.hasHead === true ? [{ ...subject, item: { json, binary } }] : [],
		),
		lipSync: videos.flatMap(readyFaces),
		textToVideo: [],
	};
}

/** The faces of a video as One Item per Face puts them out: Lip-Sync takes them as they are. */
function readyFaces({ subject, json }: Finding): Subject[] {
	const faces = (json?.faces ?? []) as IDataObject[];
	return faces
		.filter(({ lipSyncReady }) => lipSyncReady === true)
		.map((face) => ({
			...subject,
			name: `${subject.name}, face ${String(face.faceId)}`,
			item: { json: { ...face, sessionId: json!.sessionId } },
		}));
}

/** Image, face and times need no field: the node takes them from the item, as Kling Recognition put it out. */
const AVATAR = { prompt: 'Speaks to the camera, friendly' };
/** A model of Kling's newer form. */
const TEXT_TO_VIDEO = {
	model: { __rl: true, mode: 'list', value: 'kling-3.0-turbo' },
	prompt: 'A presenter in a bright studio greets the audience',
};

/** Lets a text be spoken for each of these. @returns them with the speech, which an avatar takes as it is */
export async function speak(engine: Engine, credential: IDataObject, subjects: Subject[], text: string): Promise<Finding[]> {
	const parameters = { operation: 'textToSpeech', text, options: { includeInputFields: true } };
	const run = await runNode(engine, { node: 'klingGeneration', credential, subjects, parameters });
	return findingsOf(run, subjects, [{ displayName: 'Done' }]);
}

/** Makes what was wished for, all of it side by side. @throws Error where a workflow itself failed */
export async function generate(engine: Engine, credential: IDataObject, wishes: Wishes, audio: Audio): Promise<Creation[]> {
	const make = async (operation: keyof Wishes, parameters: IDataObject): Promise<Creation[]> => {
		// What speaks already needs no other audio.
		const subjects = wishes[operation].map(({ item, ...subject }) => ({
			...subject,
			item: item.json.audioId ? item : { ...item, binary: { ...item.binary, ...audio.binary } },
		}));
		if (subjects.length === 0) return [];
		const all = { operation, ...parameters, ...audio.parameters, options: {} };
		const run = await runNode(engine, { node: 'klingGeneration', credential, subjects, parameters: all });
		return findingsOf(run, subjects, [{ displayName: 'Done' }]).map((finding) => ({ ...finding, operation }));
	};
	const made = await Promise.all([make('avatar', AVATAR), make('lipSync', {}), make('textToVideo', TEXT_TO_VIDEO)]);
	return made.flat();
}

/** The finished video; null where there is none, or it could not be downloaded. */
export function videoOf({ binary }: Creation): Buffer | null {
	return binary?.video ? Buffer.from(binary.video.data, 'base64') : null;
}
