import { first, person, svg } from './drawings';

/** The drawn video: pixels, seconds, and frames a second. */
export const SCENE = { width: 480, height: 576, seconds: 5.1, rate: 15 };

/** A frame of it: somebody blinks, smiles and waves, while the sun rises over hills. */
export function scene(seconds: number): string {
	const { width, height } = SCENE;
	return svg(width, height, sky(seconds) + hills(seconds) + somebody(seconds));
}

/** From 0 to 1 between two moments, with no jerk at either end. */
function rise(seconds: number, from: number, until: number): number {
	const part = Math.min(1, Math.max(0, (seconds - from) / (until - from)));
	return part * part * (3 - 2 * part);
}

const swing = (seconds: number, period: number): number => Math.sin((2 * Math.PI * seconds) / period);

function sky(seconds: number): string {
	const up = rise(seconds, 0, SCENE.seconds);
	const cloud = (x: number, y: number, size: number): string =>
		`<g transform="translate(${x} ${y}) scale(${size})" fill="#fff" opacity="0.9">
			<ellipse cx="0" cy="0" rx="46" ry="18"/><ellipse cx="-22" cy="-12" rx="24" ry="18"/><ellipse cx="16" cy="-18" rx="28" ry="22"/>
		</g>`;
	return `<rect width="480" height="576" fill="#a9d2ea"/>
	<circle cx="${385 - 10 * up}" cy="${210 - 120 * up}" r="40" fill="#ffe08a"/>
	${cloud(90 + 12 * seconds, 90, 1)}${cloud(330 + 8 * seconds, 160, 0.7)}${cloud(-30 + 16 * seconds, 200, 0.6)}`;
}

const hills = (seconds: number): string =>
	`<g transform="translate(${-4 * seconds} 0)">
		<path d="M-20 360 q130-130 260-20 q120-90 300 10 v240 h-560 z" fill="#86a86b"/>
		<path d="M-20 430 q160-90 300 0 q120-50 260 0 v160 h-560 z" fill="#5c8450"/>
	</g>`;

function somebody(seconds: number): string {
	const isBlinking = [0.9, 2.6, 4.3].some((moment) => Math.abs(seconds - moment) < 0.09);
	const face = { eyes: isBlinking ? 0.15 : 1, smile: 12 + 22 * rise(seconds, 1, 2.2) };
	return `<g transform="translate(40 ${98 + 2 * swing(seconds, 2.5)}) rotate(${1.6 * swing(seconds, 5.1)} 200 480)">
		${arm(seconds)}${person(0, first, face)}
	</g>`;
}

/** Comes up from behind the shoulder, and waves. */
function arm(seconds: number): string {
	const raised = rise(seconds, 1.8, 2.6);
	const angle = 160 - 160 * raised + 16 * raised * swing(seconds, 0.8);
	return `<g transform="rotate(${angle} 335 400)">
		<path d="M325 420 L352 270" stroke="${first.shirt}" stroke-width="52" stroke-linecap="round"/>
		<path d="M354 262 L360 215" stroke="${first.skin}" stroke-width="34" stroke-linecap="round"/>
		<g stroke="${first.skin}" stroke-width="13" stroke-linecap="round">
			<circle cx="362" cy="190" r="20" fill="${first.skin}" stroke="none"/>
			<path d="M350 180 L343 148"/><path d="M359 174 L358 138"/><path d="M369 175 L374 141"/><path d="M377 184 L391 156"/><path d="M347 197 L328 184"/>
		</g>
	</g>`;
}
