/** Who the gateway plays; the same names as the credential's `provider`. */
export type Provider = 'klingGlobal' | 'klingChina' | 'deerApi' | 'cometApi' | 'chainHub' | 'custom';

/** A segment that recognition reports, without the `_seg` of the wire. */
export type Segment = 'object' | 'head' | 'face' | 'cloth';

/** A face on screen: from and until, in milliseconds. */
export type FaceTime = [start: number, end: number];

/** How an answer is written: as Kling does, as the gateways do, or with the `face_list` of some. */
export type Shape = 'kling' | 'gateway' | 'faceList';

/** The family of routes a request belongs to. */
export type Route = 'recognize' | 'identify' | 'download' | 'keyTest' | 'generate' | 'none';

/** One request that reached the gateway. Image bytes are never kept. */
export interface GatewayRequest {
	method: string;
	/** Path with query. */
	path: string;
	host: string;
	provider: Provider;
	headers: Record<string, string>;
	bodyBytes: number;
	/** The JSON body, each Base64 in it replaced by `{ sha256, bytes }` of what it decodes to. */
	json?: unknown;
	/** HTTP status answered; 0 while there is none, or where the connection was broken before it. */
	status: number;
	/** When it arrived, in ms since the epoch. */
	at: number;
	/** How long the answer took, in ms; -1 while it has not ended. */
	ms: number;
}

export type FaultKind =
	/** This status, headers and body, word for word. */
	| { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string | object; bodyBase64?: string }
	/** A service code in Kling's envelope. */
	| { kind: 'code'; status: number; code: number; message?: string; headers?: Record<string, string> }
	/** An error in the gateways' envelope. */
	| { kind: 'gatewayError'; status: number; error: Record<string, unknown>; headers?: Record<string, string> }
	/** An HTML page, as an overloaded edge sends it. */
	| { kind: 'html'; status: number }
	/** No body at all. */
	| { kind: 'empty'; status: number }
	/** The first half of the good answer, as a complete HTTP message. */
	| { kind: 'truncated' }
	/** The good answer with a byte in it that is not UTF-8. */
	| { kind: 'invalidUtf8' }
	/** The good answer as `text/html`. */
	| { kind: 'wrongContentType' }
	/** The connection is broken instead of an answer. */
	| { kind: 'resetBefore' }
	/** Headers and half of the good answer, then the connection is broken. */
	| { kind: 'resetDuring' }
	/** Never answers; with `afterHeaders` the headers come and the body does not. */
	| { kind: 'hang'; afterHeaders?: boolean }
	/** The good answer one byte at a time; with `dripHeaders` the headers too. */
	| { kind: 'drip'; bytesEveryMs: number; dripHeaders?: boolean }
	/** A JSON text (a PNG for a download) of this many bytes, streamed; `declareLength` adds Content-Length. */
	| { kind: 'big'; bytes: number; declareLength?: boolean }
	/** `data` nested this deep. */
	| { kind: 'deepJson'; depth: number }
	| { kind: 'redirect'; status: number; location: string }
	/** Later, then as usual. */
	| { kind: 'delay'; ms: number };

/** A failure to play. The first fault that fits a request and has `times` left is the one. */
export type Fault = FaultKind & {
	/** Substring of the image or video URL, video id, image hash, sample file name, or path; absent: every request. */
	match?: string;
	/** Absent: 'any'. */
	route?: Exclude<Route, 'none'> | 'any';
	/** How often; absent: for ever. */
	times?: number;
	/** Play it without looking at the key. */
	beforeAuth?: boolean;
};

/** From this many calls on, or this long after `control`, this many calls at once. */
export interface ConcurrencyStep {
	afterCalls?: number;
	afterMs?: number;
	limit: number;
}

export interface GatewaySettings {
	/** How long an answer of the API takes, in ms, or between which two. Default 0. */
	latencyMs: number | [min: number, max: number];
	/** Calls of one account at once over the two recognition routes; 0: no limit. Above: 429 with code 1303. */
	concurrency: number;
	/** Changes of that limit during a run; the last step that has come wins. */
	concurrencyPlan: ConcurrencyStep[];
	faults: Fault[];
	/** What an unknown image is said to contain. Default: nothing. */
	defaultFlags: Segment[];
	/** What a video is said to show that nothing else is known of. Default: no face. */
	defaultFaces: FaceTime[];
	/** Scripted images, by file name, whole URL, or sha256 of the bytes. */
	images: Record<string, Segment[]>;
	/** Scripted videos, by file name, whole URL, or video id. */
	videos: Record<string, FaceTime[]>;
	/** Default 'auto': as the provider writes it. */
	shape: 'auto' | Shape;
	/** What stands before the path of result files; empty: chosen by the host that was called. */
	publicBase: string;
}

export interface GatewayStats {
	/** Calls of the two recognition routes. */
	calls: number;
	/** Of these, refused with 1303. */
	rejected: number;
	/** Most recognition calls between arrival and answer at one moment. */
	peakConcurrency: number;
	/** Client connections open now. */
	openSockets: number;
}
