package amf0

import "strconv"

// The Go values of AMF0 (AMF 0 specification, section 2) are float64, bool,
// string, nil (null) and the types below. Append takes int as a number too;
// Decode never returns it.

// Property is one named value of an object.
type Property struct {
	// Name is at most 65535 bytes long.
	Name  string
	Value any
}

// Object is an anonymous object (2.5), its properties in order.
type Object []Property

// ECMAArray is an associative array (2.10). The count before it on the wire is
// the number of properties when written, and ignored when read: many writers
// put something else there.
type ECMAArray []Property

// TypedObject is an object with the name of its class (2.18).
type TypedObject struct {
	Class      string
	Properties Object
}

// StrictArray is an array whose indices count from 0 (2.12).
type StrictArray []any

// Undefined is the undefined value (2.8). The unsupported marker (2.15), which
// stands for a value that its writer could not encode, is read as Undefined.
type Undefined struct{}

// Date is a point in time (2.13).
type Date struct {
	// Milliseconds since 1970-01-01 UTC.
	Milliseconds float64
	// ZoneMinutes should be 0; what was read is kept.
	ZoneMinutes int16
}

// XML is an XML document (2.17).
type XML string

// Get returns the first value with the name, and whether there is one.
func (o Object) Get(name string) (any, bool) { return get(o, name) }

// String returns the first value with the name if it is a string, else "".
func (o Object) String(name string) string { return stringOf(o, name) }

// Number returns the first value with the name if it is a number, else 0.
func (o Object) Number(name string) float64 { return numberOf(o, name) }

// Get returns the first value with the name, and whether there is one.
func (a ECMAArray) Get(name string) (any, bool) { return get(a, name) }

// String returns the first value with the name if it is a string, else "".
func (a ECMAArray) String(name string) string { return stringOf(a, name) }

// Number returns the first value with the name if it is a number, else 0.
func (a ECMAArray) Number(name string) float64 { return numberOf(a, name) }

func get(properties []Property, name string) (any, bool) {
	for _, p := range properties {
		if p.Name == name {
			return p.Value, true
		}
	}
	return nil, false
}

func stringOf(properties []Property, name string) string {
	v, _ := get(properties, name)
	s, _ := v.(string)
	return s
}

func numberOf(properties []Property, name string) float64 {
	v, _ := get(properties, name)
	n, _ := v.(float64)
	return n
}

// SyntaxError tells where and why bytes are not AMF0 that this package reads.
type SyntaxError struct {
	// Offset is the place in the bytes given to Decode.
	Offset int
	// Reason says what is wrong there.
	Reason string
}

// Error tells the place and the reason.
func (e *SyntaxError) Error() string {
	return "amf0: at byte " + strconv.Itoa(e.Offset) + ": " + e.Reason
}

// ValueError tells which Go value has no AMF0 form.
type ValueError struct {
	// Path leads to the value: [1].info.tags[0] is an element of an array in an
	// object in the second value given to Append.
	Path string
	// Reason says what is wrong with it.
	Reason string
}

// Error tells the place and the reason.
func (e *ValueError) Error() string {
	return "amf0: cannot encode value " + e.Path + ": " + e.Reason
}
