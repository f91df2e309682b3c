// Imported by nobody but the program.
export { workLanes, type Intake } from './intake.ts'
export { runIntake } from './worker.ts'
