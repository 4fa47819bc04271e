import { assert } from '../base/index.ts';
import type { Attributes } from './attribute.ts';
import { attributeValue, RuntimeAttribute, setValue } from './attributeValues.ts';
import type { Instance } from './instance.ts';

/** What is seen of the attributes of a component, by their names. */
class AttributesView {
  readonly #instance: Instance;

  constructor(instance: Instance) {
    this.#instance = instance;
  }

  static instanceOf(view: AttributesView): Instance {
    return view.#instance;
  }
}

type ViewClass = new (instance: Instance) => AttributesView;

/** Made once for each definition, so that a component pays for its attributes when somebody looks at them. */
export interface AttributeViews {
  /** Values to read and to assign. */
  readonly Own: ViewClass;
  /** Attributes as those see them who hold the component. */
  readonly Outer: ViewClass;
}

export function attributeViews(attributes: Attributes): AttributeViews {
  const Own = class extends AttributesView {};
  const Outer = class extends AttributesView {};
  for (const name of Object.keys(attributes)) {
    Object.defineProperty(Own.prototype, name, ownValue(name));
    Object.defineProperty(Outer.prototype, name, {
      get(this: AttributesView) {
        return new RuntimeAttribute(AttributesView.instanceOf(this), name);
      },
      enumerable: true,
    });
  }
  return { Own, Outer };
}

function ownValue(name: string): PropertyDescriptor {
  return {
    get(this: AttributesView) {
      return attributeValue(AttributesView.instanceOf(this), name);
    },
    set(this: AttributesView, value: unknown) {
      const outcome = setValue(AttributesView.instanceOf(this), name, value);
      assert(outcome.ok, () => (outcome.ok ? '' : outcome.error));
    },
    enumerable: true,
  };
}
