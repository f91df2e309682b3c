// What other domains may call. Short, named, written by hand.
export { knowSpeakers, speakerKey, type KnownSpeaker, type Speaker } from './identities.ts'
