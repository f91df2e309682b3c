import type { Connector } from '../connector.ts'

export const bluesky: Connector = { id: 'bluesky' }
