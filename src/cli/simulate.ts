export async function simulate(_options: object): Promise<void> {}
