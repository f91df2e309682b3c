// Breach: a type that says nothing.
export const breach = (value: any) => value
