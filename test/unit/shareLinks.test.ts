import type { MediaKind } from '../../nodes/shared/kling/files/mediaKind';
import { checkShareLink } from '../../nodes/shared/kling/files/shareLinks';
import { klingErrorOf, REFUSED_HERE } from './helpers';

const DRIVE = 'https://drive.google.com/uc?export=download&id=1AbC-d_9';

/** Links to pages; whose they are, and the link to the file that the error names, where there is one. */
const PAGES: Array<[url: string, service: string, file: string | null]> = [
	['https://drive.google.com/file/d/1AbC-d_9/view?usp=sharing', 'Google Drive', DRIVE],
	['https://drive.google.com/file/d/1AbC-d_9/view?usp=drive_link', 'Google Drive', DRIVE],
	['https://drive.google.com/file/d/1AbC-d_9', 'Google Drive', DRIVE],
	['https://drive.google.com/file/d/1AbC-d_9/preview', 'Google Drive', DRIVE],
	['https://drive.google.com/file/u/0/d/1AbC-d_9/edit', 'Google Drive', DRIVE],
	['https://drive.google.com/a/example.com/file/d/1AbC-d_9/view', 'Google Drive', DRIVE],
	['https://drive.google.com/file/d/1AbC-d_9/view?resourcekey=0-xY', 'Google Drive', `${DRIVE}&resourcekey=0-xY`],
	['https://drive.google.com/open?id=1AbC-d_9', 'Google Drive', DRIVE],
	['HTTPS://DRIVE.GOOGLE.COM/open?usp=sharing&id=1AbC-d_9', 'Google Drive', DRIVE],
	['https://docs.google.com/file/d/1AbC-d_9/edit', 'Google Drive', DRIVE],
	['https://drive.google.com/drive/folders/1AbC-d_9', 'Google Drive', null],
	['https://drive.google.com/drive/u/1/folders/1AbC-d_9', 'Google Drive', null],
	['https://drive.google.com/open?usp=sharing', 'Google Drive', null],
	['https://photos.app.goo.gl/AbC123', 'Google Photos', null],
	['https://photos.google.com/share/AbC?key=x', 'Google Photos', null],
	['https://www.dropbox.com/s/a1b2/photo.jpg?dl=0', 'Dropbox', 'https://www.dropbox.com/s/a1b2/photo.jpg?dl=1'],
	['https://www.dropbox.com/s/a1b2/photo.jpg', 'Dropbox', 'https://www.dropbox.com/s/a1b2/photo.jpg?dl=1'],
	[
		'https://www.dropbox.com/scl/fi/t0k/photo.jpg?rlkey=k3y&st=a&dl=0#top',
		'Dropbox',
		'https://www.dropbox.com/scl/fi/t0k/photo.jpg?rlkey=k3y&st=a&dl=1',
	],
	['https://dropbox.com/scl/fi/t0k/photo.jpg?rlkey=k3y', 'Dropbox', 'https://dropbox.com/scl/fi/t0k/photo.jpg?rlkey=k3y&dl=1'],
	['https://www.dropbox.com/s/a1b2/photo.jpg?dl=10', 'Dropbox', 'https://www.dropbox.com/s/a1b2/photo.jpg?dl=1'],
	['https://www.dropbox.com/scl/fo/t0k/h?rlkey=k3y&dl=0', 'Dropbox', null],
	['https://www.dropbox.com/sh/a1b2/h?dl=0', 'Dropbox', null],
	['https://1drv.ms/i/s!AkC', 'OneDrive', null],
	['https://1drv.ms/v/c/1a2b/EaBc?e=x', 'OneDrive', null],
	['https://onedrive.live.com/?cid=1&id=2&authkey=!A', 'OneDrive', null],
	['https://onedrive.live.com/redir?resid=1!2&authkey=!A', 'OneDrive', null],
	['https://onedrive.live.com/embed?resid=1!2', 'OneDrive', null],
	[
		'https://acme.sharepoint.com/:v:/s/team/EaB_c?e=x',
		'SharePoint',
		'https://acme.sharepoint.com/:v:/s/team/EaB_c?e=x&download=1',
	],
	[
		'https://acme-my.sharepoint.com/:i:/g/personal/me/EaBc',
		'SharePoint',
		'https://acme-my.sharepoint.com/:i:/g/personal/me/EaBc?download=1',
	],
	['https://acme.sharepoint.com/:f:/s/team/EaBc', 'SharePoint', null],
	['https://www.icloud.com/iclouddrive/0a1b#photo', 'iCloud', null],
	['https://share.icloud.com/photos/0a1b', 'iCloud', null],
	['https://we.tl/t-AbC', 'WeTransfer', null],
	['https://acme.wetransfer.com/downloads/a/b', 'WeTransfer', null],
	['https://www.youtube.com/watch?v=dQw4w9WgXcQ', 'YouTube', null],
	['https://youtu.be/dQw4w9WgXcQ?si=a', 'YouTube', null],
	['https://m.youtube.com/shorts/dQw4w9WgXcQ', 'YouTube', null],
];

it.each(PAGES)('%s opens a page of %s', (url, service, file) => {
	const { message, details } = klingErrorOf(() => checkShareLink(url, 'image'));
	expect(message).toBe(`The image URL is a share link of ${service}: it opens a page, not the file`);
	expect(details).toEqual({ ...REFUSED_HERE, description: expect.stringMatching(/^[A-Z].*choose Binary File here\.$/) });
	if (file === null) expect(details.description).not.toContain('http');
	else expect(details.description).toContain(`use ${file} instead.`);
});

it.each(PAGES.flatMap(([, , file]) => (file === null ? [] : [file])))('what the error names is taken: %s', (url) => {
	expect(() => checkShareLink(url, 'image')).not.toThrow();
});

it.each([
	'https://drive.google.com/uc?export=download&id=1AbC',
	'https://drive.google.com/uc?id=1AbC',
	'https://drive.google.com/thumbnail?id=1AbC&sz=w1000',
	'https://drive.usercontent.google.com/download?id=1AbC&export=download',
	'https://lh3.googleusercontent.com/d/1AbC',
	'https://lh3.googleusercontent.com/pw/AbC=w800',
	'https://www.dropbox.com/s/a1b2/photo.jpg?dl=1',
	'https://www.dropbox.com/s/a1b2/photo.jpg?raw=1',
	'https://www.dropbox.com/s/dl/a1b2/photo.jpg',
	'https://www.dropbox.com/s/raw/a1b2/photo.jpg',
	'https://www.dropbox.com/scl/fi/t0k/photo.jpg?rlkey=k3y&raw=1&st=a',
	'https://dl.dropboxusercontent.com/s/a1b2/photo.jpg',
	'https://dl.dropbox.com/scl/fi/t0k/photo.jpg?rlkey=k3y',
	'https://onedrive.live.com/download?resid=1!2&authkey=!A',
	'https://1drv.ms/i/s!AkC?download=1',
	'https://api.onedrive.com/v1.0/shares/u!aHR0/root/content',
	'https://acme.sharepoint.com/:i:/s/team/EaBc?e=x&download=1',
	'https://acme.sharepoint.com/sites/team/Shared%20Documents/photo.jpg',
	'https://acme.sharepoint.com/_layouts/15/download.aspx?share=EaBc',
	'https://img.youtube.com/vi/dQw4w9WgXcQ/maxresdefault.jpg',
	'https://i.ytimg.com/vi/dQw4w9WgXcQ/hqdefault.jpg',
	'https://example.com/file/d/1AbC/view',
	'https://notdropbox.com/s/a1b2/photo.jpg',
	'https://drive.google.com.example.com/file/d/1/view',
	'https://example.com/?url=https://drive.google.com/file/d/1/view',
])('%s is taken: it leads to a file, or nothing is known against it', (url) => {
	expect(() => checkShareLink(url, 'image')).not.toThrow();
});

it.each<MediaKind>(['image', 'audio', 'video'])('the message says what was wanted: %s', (kind) => {
	expect(klingErrorOf(() => checkShareLink('https://we.tl/t-A', kind)).message).toContain(`The ${kind} URL`);
});
