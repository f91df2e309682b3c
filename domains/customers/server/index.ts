// What other domains may call. Short, named, written by hand.
export { knowSpeakers } from './identities.ts'
export { speakerKey, type KnownSpeaker, type Speaker } from './speakers.ts'
export { blockCustomer, createCustomer, type NewCustomer } from './customers.ts'
export { writeNote } from './notes.ts'
export { foldForSearch } from './search-text.ts'
export { customerTasks } from './jobs.ts'
export { pictureAddress } from './pictures.ts'
export { customersPlugin } from './routes.ts'
