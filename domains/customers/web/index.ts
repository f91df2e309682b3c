// What other domains' screens may show of a customer.
export { CustomerPanel } from './customer-panel.tsx'
export { PanelPart } from './panel-part.tsx'
export { customersSearchQuery } from './queries.ts'
