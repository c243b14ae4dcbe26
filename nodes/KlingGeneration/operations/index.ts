import { avatar } from './avatar';
import { getTask } from './getTask';
import { getTasks } from './getTasks';
import { imageToVideo } from './imageToVideo';
import { lipSync } from './lipSync';
import { textToSpeech } from './textToSpeech';
import { textToVideo } from './textToVideo';
import { virtualTryOn } from './virtualTryOn';

/** The rooms of the node, the first as its default. */
export const OPERATIONS = [imageToVideo, textToVideo, lipSync, avatar, virtualTryOn, textToSpeech, getTask, getTasks] as const;
