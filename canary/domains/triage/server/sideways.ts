// Breach: surveys stands on the same row, and no line in the table allows it.
import { surveysName } from '#surveys/server'

export const breach = surveysName
