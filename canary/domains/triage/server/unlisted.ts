// Breach: a file that belongs to no declared part of the tree.
import { unlisted } from '../../../unlisted.ts'

export const breach = unlisted
