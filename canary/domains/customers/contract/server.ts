// Breach: a contract takes something from its own server.
import { customersName } from '#customers/server'

export const breach = customersName
