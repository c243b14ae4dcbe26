import { identifyFace } from './identifyFace';
import { recognizeImage } from './recognizeImage';

/** The rooms of the node, the first as its default. */
export const OPERATIONS = [recognizeImage, identifyFace] as const;
