/** @jsxImportSource preact */
import { Component, type ComponentType } from 'preact'

interface Props<M, P> {
  readonly load: () => Promise<M>
  readonly pick: (module: M) => ComponentType<P>
}

/** Draws a component of a part that is fetched when it is first needed; nothing until then, and nothing if it can't be. */
export class Later<M, P extends object> extends Component<Props<M, P> & P, { part?: ComponentType<P> }> {
  override componentDidMount(): void {
    const { load, pick } = this.props
    load().then(
      // oxlint-disable-next-line react/no-did-mount-set-state -- it is set when the part has come, not on mounting
      (module) => this.setState({ part: pick(module) }),
      () => {},
    )
  }

  override render() {
    const { part: Part } = this.state
    const { load: _load, pick: _pick, ...props } = this.props
    return Part ? <Part {...(props as unknown as P)} /> : null
  }
}
