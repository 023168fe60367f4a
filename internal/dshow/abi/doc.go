// Package abi is what programs see of the filter through COM: the interfaces
// with the order of their methods, the identifiers, the layout of the
// statistics, and for every option of publish its names, kind and property
// identifier. Programs are compiled against it, so nothing here may ever change:
// what is new comes last.
//
// The program in generate writes from it the C header, the IDL, the C#
// declarations, the glue of package seam and a page of the documentation.
package abi
