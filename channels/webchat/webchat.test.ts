import { runConformance } from '../conformance.ts'
import { webchat } from './index.ts'

runConformance(webchat, { folder: new URL('.', import.meta.url), openMaps: ['attributes'] })
