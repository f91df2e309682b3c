export interface Connector {
  readonly id: string
}
