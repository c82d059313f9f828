/** How the files of a session are called. */
export const SEGMENT_NAME = /^(\d{6})\.ipcrec$/;
export const segmentName = (segment: number) => `${String(segment).padStart(6, '0')}.ipcrec`;
