import { avatar } from './avatar';
import { getTask } from './getTask';
import { imageToVideo } from './imageToVideo';
import { lipSync } from './lipSync';
import { virtualTryOn } from './virtualTryOn';

/** The rooms of the node, the first as its default. */
export const OPERATIONS = [imageToVideo, lipSync, avatar, virtualTryOn, getTask] as const;
