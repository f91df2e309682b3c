// What other domains' screens may show of a customer.
export { BlockedStrip } from './blocked-strip.tsx'
export { CustomerPanel } from './customer-panel.tsx'
export { PanelPart } from './panel-part.tsx'
export { customersSearchQuery, unblockCustomer } from './queries.ts'
