import { startEmbedded } from '../embedded.ts'

/** A program that only holds a database, to be killed by a test. */
const database = await startEmbedded({ directory: process.argv[2]! })
process.send!(database.ownerUrl)
