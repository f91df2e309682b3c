import { client } from '#platform/contract/client'
import { connectionRoutes } from '../contract.ts'

export const connections = client(connectionRoutes, { base: '/api' })
