// English of the contact form, fetched with it.
export const english = { who: 'Who are you?', whoWhy: 'So that we know who wrote.', name: 'Name' } as const
export type FormWords = typeof english
