package amf0

import "encoding/binary"

// Decode decodes all values of b. On error, a *SyntaxError, it returns what was
// decoded before it, a container that broke off with the elements it has.
func Decode(b []byte) (values []any, err error) {
	d := decoder{b: b}
	for d.at < len(b) {
		v, err := d.value(0)
		if err == nil || v != nil {
			values = append(values, v)
		}
		if err != nil {
			return values, err
		}
	}
	return values, nil
}

// DecodeOne decodes the first value of b and returns the bytes after it. On
// error, a *SyntaxError, v is nil or a container that broke off, and rest is nil.
func DecodeOne(b []byte) (v any, rest []byte, err error) {
	d := decoder{b: b}
	if v, err = d.value(0); err != nil {
		return v, nil, err
	}
	return v, b[d.at:], nil
}

// decoder reads b from at on.
type decoder struct {
	b      []byte
	at     int
	values int // read so far, against MaxValues
}

func (d *decoder) value(depth int) (any, error) {
	start := d.at
	if d.values++; d.values > MaxValues {
		return nil, d.fail(start, "more than %d values", MaxValues)
	}
	marker, err := d.take(1, "type marker")
	if err != nil {
		return nil, err
	}
	switch marker[0] {
	case markerNull:
		return nil, nil
	case markerUndefined, markerUnsupported:
		return Undefined{}, nil
	case markerNumber:
		return noValueIf(d.number())
	case markerBoolean:
		return noValueIf(d.boolean())
	case markerString:
		return noValueIf(d.string(2))
	case markerLongString:
		return noValueIf(d.string(4))
	case markerXML:
		s, err := d.string(4)
		return noValueIf(XML(s), err)
	case markerDate:
		return noValueIf(d.date())
	case markerObject, markerECMAArray, markerTypedObject, markerStrictArray:
		if depth == MaxDepth {
			return nil, d.fail(start, "nested deeper than %d", MaxDepth)
		}
		return d.container(marker[0], depth)
	}
	if why, known := refused[marker[0]]; known {
		return nil, d.fail(start, "%s (type marker 0x%02x)", why, marker[0])
	}
	return nil, d.fail(start, "unknown type marker 0x%02x", marker[0])
}

// noValueIf makes the zero value that comes with an error nil.
func noValueIf[T any](v T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}

func (d *decoder) container(marker byte, depth int) (any, error) {
	switch marker {
	case markerObject:
		p, err := d.properties(depth)
		return Object(p), err
	case markerTypedObject:
		class, err := d.string(2)
		if err != nil {
			return nil, err
		}
		p, err := d.properties(depth)
		return TypedObject{class, p}, err
	case markerECMAArray:
		if _, err := d.take(4, "array count"); err != nil {
			return nil, err
		}
		p, err := d.properties(depth)
		return ECMAArray(p), err
	default:
		a, err := d.strictArray(depth)
		return a, err
	}
}

// properties reads names and values up to the object end. It returns what it
// has with an error too.
func (d *decoder) properties(depth int) ([]Property, error) {
	properties := []Property{}
	for {
		name, err := d.string(2)
		if err != nil {
			return properties, err
		}
		if name == "" && d.at < len(d.b) && d.b[d.at] == markerObjectEnd {
			d.at++
			return properties, nil
		}
		v, err := d.value(depth + 1)
		if err == nil || v != nil {
			properties = append(properties, Property{name, v})
		}
		if err != nil {
			return properties, err
		}
	}
}

// strictArray grows the array as elements come: the declared count is foreign.
func (d *decoder) strictArray(depth int) (StrictArray, error) {
	start := d.at
	b, err := d.take(4, "array count")
	if err != nil {
		return nil, err
	}
	count := binary.BigEndian.Uint32(b)
	if count > MaxValues {
		return nil, d.fail(start, "array of %d elements, the limit is %d", count, MaxValues)
	}
	array := StrictArray{}
	for range count {
		v, err := d.value(depth + 1)
		if err == nil || v != nil {
			array = append(array, v)
		}
		if err != nil {
			return array, err
		}
	}
	return array, nil
}
