// Imported by nobody but the program.
export { workLane, type Intake } from './intake.ts'
export { runIntake } from './worker.ts'
