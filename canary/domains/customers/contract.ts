export const customersRoutes = { list: '/customers' } as const
export type CustomersRoute = keyof typeof customersRoutes
