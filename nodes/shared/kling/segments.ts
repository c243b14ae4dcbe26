/** A part of a picture that Kling looks for. */
export interface Segment {
	/** The name in this node's output and parameters. */
	name: string;
	/** The name in Kling's answer. */
	type: string;
	/** The flag in this node's output. */
	flag: string;
	/** The name that people read. */
	label: string;
	description: string;
}

/** All segments, one row each, in the order of the output. Source: Kling's API reference, "Image Recognize". */
export const SEGMENTS = [
	{ name: 'object', type: 'object_seg', flag: 'hasObject', label: 'Object', description: 'The subject of the picture' },
	{ name: 'head', type: 'head_seg', flag: 'hasHead', label: 'Head', description: "A person's head with hair" },
	{ name: 'face', type: 'face_seg', flag: 'hasFace', label: 'Face', description: 'A face without hair' },
	{ name: 'cloth', type: 'cloth_seg', flag: 'hasCloth', label: 'Clothing', description: 'Clothes, worn or not' },
] as const satisfies readonly Segment[];

export type SegmentName = (typeof SEGMENTS)[number]['name'];
export type SegmentFlag = (typeof SEGMENTS)[number]['flag'];
