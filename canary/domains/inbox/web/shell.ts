// Breach: a screen imports the shell that shows it.
import { main } from '../../../web/main.ts'

export const breach = () => main
