// Breach: a channel asks the register for its neighbours.
import { connectors } from '#channels/all'

export const breach = () => connectors
