import type { IDataObject } from 'n8n-workflow';
import Table from 'cli-table3';

import { SEGMENTS } from '../../nodes/shared/kling/recognition/segments';
import { TASK_ROUTES } from '../../nodes/shared/kling/tasks/taskRoutes';
import { videoOf, type Creation } from './generate';
import type { Finding } from './nodeRun';
import { costOf } from './words';

const SOURCES = { url: 'URL', binary: 'Binary', base64: 'Base64' };

/** The flags of images, one row each. */
export function imageTable(findings: Finding[]): string {
	const labels = SEGMENTS.map(({ label }) => label);
	const table = plainTable(
		['Image', 'Sent as', ...labels, 'Output'],
		[nameWidth(findings), 9, ...labels.map(({ length }) => length + 2), 31],
	);
	for (const { subject, json, branches, error } of findings) {
		const name = [subject.name, SOURCES[subject.source]];
		if (json === null) table.push([...name, { colSpan: SEGMENTS.length + 1, content: error }]);
		else table.push([...name, ...SEGMENTS.map(({ flag }) => yesNo(json[flag])), branches.join(', ')]);
	}
	return table.toString();
}

/** The faces of videos, one row for each face. */
export function faceTable(findings: Finding[]): string {
	const table = plainTable(
		['Video', 'Face', 'From', 'Until', 'On screen', 'Lip-sync', 'Output'],
		[nameWidth(findings), 6, 9, 9, 11, 11, 31],
	);
	for (const { subject, json, branches, error } of findings) {
		const leaves = branches.join(', ');
		const faces = (json?.faces ?? []) as IDataObject[];
		if (json === null) table.push([subject.name, { colSpan: 6, content: error }]);
		else if (faces.length === 0) table.push([subject.name, { colSpan: 5, content: 'no face' }, leaves]);
		faces.forEach((face, index) => table.push([index === 0 ? subject.name : '', ...faceCells(face), index === 0 ? leaves : '']));
	}
	return table.toString();
}

/** What was made, one row each. */
export function creationTable(creations: Creation[]): string {
	const table = plainTable(['Made from', 'What', 'Task ID', 'Length', 'File', 'Cost'], [nameWidth(creations), 16, 22, 9, 12, 13]);
	for (const creation of creations) {
		const { subject, json, operation, error } = creation;
		const what = [subject.name, TASK_ROUTES.find((route) => route.operation === operation)!.label];
		if (json === null) table.push([...what, { colSpan: 4, content: error }]);
		else table.push([...what, String(json.taskId), `${json.duration ?? '?'} s`, sizeOf(creation), costOf([json]) || '?']);
	}
	return table.toString();
}

function sizeOf(creation: Creation): string {
	const video = videoOf(creation);
	return video ? `${(video.length / 1000).toFixed(1)} kB` : 'not here';
}

function faceCells({ faceId, startTime, endTime, duration, lipSyncReady }: IDataObject): string[] {
	const ready = lipSyncReady === null ? '?' : lipSyncReady ? 'ready' : 'too short';
	return [String(faceId ?? '?'), seconds(startTime), seconds(endTime), seconds(duration), ready];
}

const nameWidth = (findings: Finding[]): number =>
	Math.min(40, Math.max(...findings.map(({ subject }) => subject.name.length)) + 3);

function plainTable(head: string[], colWidths: number[]) {
	return new Table({ head, colWidths, wordWrap: true, style: { head: [], border: [], compact: true } });
}

const yesNo = (flag: unknown): string => (flag === true ? 'yes' : '-');

const seconds = (time: unknown): string => (typeof time === 'number' ? `${time / 1000} s` : '?');
