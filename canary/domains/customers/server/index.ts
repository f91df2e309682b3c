export const customersName = 'customers'
