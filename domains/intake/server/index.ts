// Imported by nobody but the program and its benches.
export { BATCH, workLanes, type Intake } from './intake.ts'
export { PARALLEL, runIntake } from './worker.ts'
