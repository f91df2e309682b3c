// What others may call. Short, named, written by hand.
export { webchatReactions, webchatTasks } from './carrying-on.ts'
export { webchatPlugin, type WebchatDeps } from './routes.ts'
export type { AgentTyping } from './streams.ts'
export type { OpenFile, StoredUpload, StoreUpload } from './uploads.ts'
export { createVisitorOf } from './visits.ts'
