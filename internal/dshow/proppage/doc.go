// Package proppage is the property page of the DirectShow filter: its dialog
// template, and what it does with the fields, the buttons and the clock. It
// knows a Writer and a Window and nothing of Windows, so that it is tested on
// any system; package seam makes the window and the COM object around it.
//
// Captions, units and ranges are the option table's (publish.Field).
package proppage
