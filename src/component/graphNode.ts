import type { Result } from '../base/index.ts';
import { offerValue, RuntimeAttribute } from './attributeValues.ts';
import type { Channel, RuntimeChannel } from './channel.ts';
import { RuntimeHandle } from './create.ts';
import type { AnyHandle, LifecycleState } from './definition.ts';
import { eachEnd } from './ends.ts';
import type { Face, Gate } from './gate.ts';
import type { Graph } from './graph.ts';
import type { Instance } from './instance.ts';

/** Anything that a path can lead to. */
export type GraphNode = SystemNode | ComponentNode | PortNode | ChannelNode | AttributeNode;

/** The system itself: what owns those that nobody owns. */
export class SystemNode {
  readonly kind = 'system';
  readonly name = '';
  readonly path = '';
  /** What the node stands for: the same in every graph. */
  readonly target: object;
  readonly graph: Graph;

  constructor(graph: Graph, target: object) {
    this.graph = graph;
    this.target = target;
  }

  get children(): readonly ComponentNode[] {
    return this.graph.roots;
  }
}

/** A component. */
export class ComponentNode {
  readonly kind = 'component';
  readonly target: Instance;
  readonly graph: Graph;
  #attributes: readonly AttributeNode[] | undefined = undefined;

  constructor(graph: Graph, instance: Instance) {
    this.graph = graph;
    this.target = instance;
  }

  get name(): string {
    return this.target.name;
  }

  get path(): string {
    return this.target.path;
  }

  /** The name of the definition that it is an instance of. */
  get definition(): string {
    return this.target.definition.name;
  }

  get version(): string {
    return this.target.definition.version;
  }

  get state(): LifecycleState {
    return this.target.state;
  }

  /** Events that wait for it: those that it will handle in this turn, and those that it keeps until it starts. */
  get queued(): number {
    return this.graph.waitingFor(this.target) + this.target.parked;
  }

  /** Events that came while it was passive and that there was no room for. */
  get dropped(): number {
    return this.target.parkedDropped;
  }

  /** Events that it handled in a second, on average since somebody observes the system; undefined while nobody does. */
  get eventsPerSecond(): number | undefined {
    return this.graph.rateOf(this.target);
  }

  /** Several where it is shared. */
  get owners(): readonly ComponentNode[] {
    return this.target.owners.map((owner) => this.graph.nodeOf(owner));
  }

  get children(): readonly ComponentNode[] {
    return [...this.target.children].map((child) => this.graph.nodeOf(child));
  }

  get ports(): readonly PortNode[] {
    return this.target.gates.map((gate) => this.graph.portOf(gate, false));
  }

  /** Its ports as a composite sees them from within. */
  get innerPorts(): readonly PortNode[] {
    const own = this.target.gates.filter(({ plan }) => plan.kind !== 'attached');
    return own.map((gate) => this.graph.portOf(gate, true));
  }

  get attributes(): readonly AttributeNode[] {
    return (this.#attributes ??= Object.keys(this.target.definition.attributes).map(
      (name) => new AttributeNode(this, name),
    ));
  }

  get handle(): AnyHandle {
    return new RuntimeHandle(this.target);
  }
}

/** A port of a component, seen by its owner, or from within. */
export class PortNode {
  readonly kind = 'port';
  readonly target: Gate;
  readonly isInner: boolean;
  readonly graph: Graph;

  constructor(graph: Graph, gate: Gate, isInner: boolean) {
    this.graph = graph;
    this.target = gate;
    this.isInner = isInner;
  }

  get name(): string {
    return this.target.plan.name;
  }

  get path(): string {
    const { component, plan } = this.target;
    return this.isInner ? `${component.path}.inner.${plan.kind}.${plan.name}` : this.target.path;
  }

  /** The name of its port type. */
  get type(): string {
    return this.target.plan.type.name;
  }

  /** An attached port is one by which a component speaks to a child directly. */
  get direction(): 'provides' | 'requires' | 'attached' {
    return this.target.plan.kind;
  }

  get isConnected(): boolean {
    return this.channels.length > 0;
  }

  get component(): ComponentNode {
    return this.graph.nodeOf(this.target.component);
  }

  get channels(): readonly ChannelNode[] {
    return [...eachEnd(this.target.endsAt(this.isInner))].map((channel) => this.graph.channelOf(channel));
  }

  /** The ports at the other ends of its channels. */
  get bound(): readonly PortNode[] {
    return this.channels.flatMap((channel) => channel.ports.filter((end) => end !== this));
  }
}

/** What joins two ports. */
export class ChannelNode {
  readonly kind = 'channel';
  readonly target: RuntimeChannel;
  readonly graph: Graph;

  constructor(graph: Graph, channel: RuntimeChannel) {
    this.graph = graph;
    this.target = channel;
  }

  get name(): string {
    return this.path;
  }

  get path(): string {
    return this.target.path;
  }

  get state(): 'open' | 'held' | 'unplugged' | 'gone' {
    return this.target.state;
  }

  /** To hold it, or to plug it elsewhere. */
  get channel(): Channel {
    return this.target;
  }

  /** Events that it keeps. */
  get waiting(): number {
    return this.target.waiting;
  }

  get provided(): PortNode | undefined {
    return this.#end(this.target.provided);
  }

  get required(): PortNode | undefined {
    return this.#end(this.target.required);
  }

  /** The ends that it has. */
  get ports(): readonly PortNode[] {
    return [this.provided, this.required].filter((end) => end !== undefined);
  }

  #end(face: Face | undefined): PortNode | undefined {
    return face === undefined ? undefined : this.graph.portOf(face.gate, face.isInner);
  }
}

/** An attribute of a component. */
export class AttributeNode {
  readonly kind = 'attribute';
  readonly name: string;
  readonly component: ComponentNode;

  constructor(component: ComponentNode, name: string) {
    this.component = component;
    this.name = name;
  }

  get graph(): Graph {
    return this.component.graph;
  }

  get target(): Instance {
    return this.component.target;
  }

  get path(): string {
    return this.#attribute.path;
  }

  get value(): unknown {
    return this.#attribute.get();
  }

  /** What its values are, in words. */
  get type(): string {
    return this.target.definition.attributes[this.name]!.type.name;
  }

  /** Whether it may be set so, or why not. */
  offer(value: unknown): Result<unknown, string> {
    return offerValue(this.target, this.name, value);
  }

  /** Sets it to what anybody offers, or says why that is refused. */
  set(value: unknown): Result<unknown, string> {
    return this.#attribute.set(value);
  }

  get #attribute(): RuntimeAttribute {
    return new RuntimeAttribute(this.target, this.name);
  }
}
