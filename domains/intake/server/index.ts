// Imported by nobody but the program.
export { lanesWithWork, workLane, type Intake } from './intake.ts'
export { runIntake } from './worker.ts'
