import type { Provider } from './providers';

export type { Provider };

/** A segment that recognition reports, without the `_seg` of the wire. */
export type Segment = 'object' | 'head' | 'face' | 'cloth';

/** A face on screen: from and until, in milliseconds. */
export type FaceTime = [start: number, end: number];

/** How an answer is written: as Kling does, as the gateways do, or with the `face_list` of some. */
export type Shape = 'kling' | 'gateway' | 'faceList';

/** The family of routes a request belongs to. */
export type Route = 'recognize' | 'identify' | 'speech' | 'create' | 'query' | 'list' | 'download' | 'keyTest' | 'none';

/** What a task makes; one pair of routes each. */
export type ProductName = 'lipSync' | 'avatar' | 'imageToVideo' | 'textToVideo' | 'virtualTryOn';

/** Where a task is, in the words of Kling's older routes. */
export type TaskState = 'submitted' | 'processing' | 'succeed' | 'failed';

/**
 * How the answers about tasks are written: Kling's envelope; that envelope inside another; `videos` as one object; or a
 * bare id (`task_id`, or `id`) at the top level, and `status` with `url` afterwards; or as a relay does, see `relayWritings`.
 */
export type TaskShape =
	| 'kling'
	| 'nested'
	| 'oneVideo'
	| 'flat'
	| 'flatId'
	| 'relay'
	| 'relayOverRelay'
	| 'relayBehind'
	| 'relayOlder'
	| 'openAi'
	| 'errorBeside'
	| 'errorAlone';

/** What becomes of an `external_task_id`: kept and unique, passed on and never asked for by, not looked at, or replaced by one of the gateway's own. */
export type ExternalIds = 'kept' | 'passedOn' | 'ignored' | 'replaced';

/** In what a provider says what a call cost. */
export type Billing = 'units' | 'cash' | 'both';

/** What becomes of a task. The first script that fits is the one. */
export interface TaskScript {
	/** Substring of any text of the create's body, or of the name or hash of a sample in it; absent: every task. */
	match?: string;
	/** How long it takes from its create on; absent: as the setting `taskMs` says. */
	ms?: number;
	/** Why it fails; absent: it succeeds. */
	failure?: string;
}

/** A task that was made. */
export interface TaskRecord {
	id: string;
	/** As the gateway knows it; '' where it has none. */
	externalId: string;
	provider: Provider;
	product: ProductName;
	/** `model_name`, or the product where it has no models. */
	model: string;
	state: TaskState;
	/** ms since the epoch. */
	createdAt: number;
	/** When it ends, or has ended. */
	endsAt: number;
	/** What it has cost so far: nothing before it succeeds. */
	units: number;
	/** Every text of its create's body, and the names of the samples in it. */
	names: string[];
}

/** What an account was asked, and what it has paid. */
export interface AccountStats {
	/** Creates with a good key, whatever became of them. */
	creates: number;
	/** Of these, refused because too many tasks were under way. */
	rejected: number;
	/** Queries and lists with a good key. */
	queries: number;
	/** Tasks made. */
	tasks: number;
	/** Of these, under way now. */
	running: number;
	/** Most tasks under way at one moment. */
	peakRunning: number;
	succeeded: number;
	failed: number;
	/** Paid for tasks, in units. */
	units: number;
}

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
	/** Absent where no route fits. */
	route?: Route;
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
	/** The good answer with another word for the state of its task. */
	| { kind: 'state'; word: string }
	/** Later, then as usual. */
	| { kind: 'delay'; ms: number };

/** A failure to play. The first fault that fits a request and has `times` left is the one. */
export type Fault = FaultKind & {
	/**
	 * Substring of the path, of any text of the body, or of the hash or name of a sample in it; for a query also what its
	 * task was made from. Absent: every request.
	 */
	match?: string;
	/** Absent: 'any'. */
	route?: Exclude<Route, 'none'> | 'any';
	/** How often; absent: for ever. */
	times?: number;
	/** Play it without looking at the key. */
	beforeAuth?: boolean;
	/**
	 * Whether the call takes effect all the same: a task is made, and paid. Absent: only where the good answer is sent,
	 * spoilt or in part.
	 */
	done?: boolean;
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
	/** The same for the answers about tasks. */
	taskShape: 'auto' | TaskShape;
	/** Default 'auto': as the provider does. */
	externalIds: 'auto' | ExternalIds;
	/** Other words for the states of tasks. */
	taskWords: Partial<Record<TaskState, string>>;
	/** How long a task takes from its create on, in ms, or between which two. Default 0. */
	taskMs: number | [min: number, max: number];
	/** Tasks of one account and model that are not at their end; 0: no limit. Above: 429 with code 1303. */
	taskLimit: number;
	tasks: TaskScript[];
	/** Size of a video that a task made, in bytes; 0: as small as it comes. */
	videoBytes: number;
	/** Default 'both'. */
	billing: Billing;
	/** Lengths of sounds in ms, by file name, whole URL, or sha256 of the bytes. */
	sounds: Record<string, number>;
	/** Servers on this machine that the proxy leads to, as host and port, by the public names that they go by: an n8n. */
	publicHosts: Record<string, string>;
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
