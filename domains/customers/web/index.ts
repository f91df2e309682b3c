// What other domains' screens may show of a customer.
export { CustomerPanel } from './customer-panel.tsx'
export { customersSearchQuery } from './queries.ts'
