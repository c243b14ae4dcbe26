export const svg = (width: number, height: number, content: string): string =>
	`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${content}</svg>`;

const wall = (width: number, height: number, colour: string): string =>
	`<rect width="${width}" height="${height}" fill="${colour}"/>`;

interface Looks {
	skin: string;
	hair: string;
	shirt: string;
}

/** What a face does. */
interface Face {
	/** How far the eyes are open, from 0 to 1. */
	eyes: number;
	/** How far the mouth bends, in px. */
	smile: number;
}

const CALM: Face = { eyes: 1, smile: 20 };

/** A person of 400 x 480, at this place. */
export function person(x: number, { skin, hair, shirt }: Looks, { eyes, smile }: Face = CALM): string {
	return `<g transform="translate(${x} 0)">
		<path d="M110 190 q-20-150 90-150 q110 0 90 150 l10 110 h-200 z" fill="${hair}"/>
		<path d="M40 480 q10-130 110-150 h100 q100 20 110 150 z" fill="${shirt}"/>
		<path d="M165 270 h70 v60 q-35 40-70 0 z" fill="${skin}"/>
		<ellipse cx="200" cy="195" rx="72" ry="92" fill="${skin}"/>
		<path d="M128 180 q10-90 72-92 q62 2 72 92 q-50-20-60-60 q-30 50-84 60 z" fill="${hair}"/>
		<g fill="#fff"><ellipse cx="172" cy="195" rx="13" ry="${8 * eyes}"/><ellipse cx="228" cy="195" rx="13" ry="${8 * eyes}"/></g>
		<g fill="#2b2320"><circle cx="172" cy="195" r="${6 * eyes}"/><circle cx="228" cy="195" r="${6 * eyes}"/></g>
		<path d="M200 200 q-12 30 0 34" fill="none" stroke="#9c6b52" stroke-width="4"/>
		<path d="M175 255 q25 ${smile} 50 0" fill="none" stroke="#a8433f" stroke-width="7" stroke-linecap="round"/>
		<path d="M155 335 l45 45 l45-45" fill="none" stroke="#fff" stroke-width="8"/>
	</g>`;
}

export const first: Looks = { skin: '#e8b796', hair: '#4a2f22', shirt: '#2f6f8f' };
const second: Looks = { skin: '#9c6b4a', hair: '#1d1a1a', shirt: '#b5523b' };

/** One person, head to waist. */
export const portrait = (): string => svg(400, 480, wall(400, 480, '#e9e2d6') + person(0, first));

/** Two persons side by side. */
export const twoPeople = (): string => svg(720, 480, wall(720, 480, '#dfe7e4') + person(-10, first) + person(330, second));

/** A shirt on a hanger. */
export const garment = (): string =>
	svg(
		480,
		480,
		`${wall(480, 480, '#f2efe9')}
	<path d="M240 90 q0-40 24-40 q24 4 12 28 q-36 14-36 36 M240 110 l-130 60 h260 z" fill="none" stroke="#8a6a45" stroke-width="9"/>
	<path d="M180 130 q60 40 120 0 l100 50 l-36 90 l-44-20 v180 h-160 v-180 l-44 20 l-36-90 z" fill="#3f8f6b"/>
	<path d="M180 130 q60 40 120 0" fill="none" stroke="#286047" stroke-width="8"/>
	<g stroke="#286047" stroke-width="4"><path d="M160 300 h160"/><path d="M160 340 h160"/><path d="M160 380 h160"/></g>`,
	);

/** Hills under a sky. */
export const landscape = (): string =>
	svg(
		640,
		400,
		`${wall(640, 400, '#a9d2ea')}
	<circle cx="510" cy="90" r="42" fill="#ffe08a"/>
	<path d="M0 260 q120-130 260-10 q120-90 380 20 v130 h-640 z" fill="#86a86b"/>
	<path d="M0 310 q200-90 360 0 q140-50 280 0 v90 h-640 z" fill="#5c8450"/>
	<path d="M290 400 q40-70 10-95 q60 30 40 95 z" fill="#c8b98a"/>`,
	);

/** A bust of stone. */
export const statue = (): string =>
	svg(
		400,
		480,
		`${wall(400, 480, '#3d4652')}
	<rect x="110" y="390" width="180" height="90" fill="#8d8f8c"/>
	<path d="M90 400 q20-80 80-90 v-60 h60 v60 q60 10 80 90 z" fill="#b4b6b2"/>
	<ellipse cx="200" cy="190" rx="74" ry="95" fill="#c4c6c2"/>
	<path d="M126 170 q10-90 74-90 q64 0 74 90 q-74-40-148 0 z" fill="#a3a5a1"/>
	<g fill="#a9aba7"><ellipse cx="170" cy="190" rx="14" ry="9"/><ellipse cx="230" cy="190" rx="14" ry="9"/></g>
	<path d="M200 190 l-12 45 h20 M175 262 h50" fill="none" stroke="#979994" stroke-width="6"/>`,
	);

/** A head of hair, seen from behind. */
export const fromBehind = (): string =>
	svg(
		360,
		400,
		`${wall(360, 400, '#cfd8e0')}
	<path d="M80 400 q-30-330 100-330 q130 0 100 330 z" fill="#6b4630"/>
	<g fill="none" stroke="#573724" stroke-width="5"><path d="M130 120 q-30 140-20 270"/><path d="M180 90 v300"/><path d="M230 120 q30 140 20 270"/></g>`,
	);
