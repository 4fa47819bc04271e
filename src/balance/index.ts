/** Balance: a policy that has peers share what they carry. The data itself is moved by whoever stands behind the port `Burden`. */
export { Balance, Balancer, type BalancerInit, type Vacancy } from './balancer.ts';
export { Burden, type Carried } from './burden.ts';
export { balanceProtocol } from './messages.ts';
