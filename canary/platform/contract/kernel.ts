export type RouteTable = Readonly<Record<string, string>>
