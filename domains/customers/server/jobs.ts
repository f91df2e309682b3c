import type { Tasks } from '#platform/jobs'
import { fetchPictures, PICTURE_TASK, type Fetching } from './pictures.ts'

export const customerTasks = (deps: Fetching): Tasks => ({
  [PICTURE_TASK]: (_db, actor, payload) => fetchPictures(deps, actor, payload['ids'] as string[]),
})
