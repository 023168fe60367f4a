package publish

import "rtmpwriter/amf0"

// ParseData makes a data message of a handler and a JSON object, its keys in
// their order (specification, section 8). Values are what JSON has; objects in
// the object hold no further ones, also not within arrays. The error is an
// *amf0.JSONError that tells the place, or a *DataError.
func ParseData(handler string, text []byte) (Data, error) {
	v, err := amf0.ParseJSON(text, dataDepth)
	if err != nil {
		return Data{}, err
	}
	d := Data{Handler: handler, Value: v}
	if _, ok := v.(amf0.Object); !ok {
		return Data{}, &DataError{handler, `its value must be a JSON object, as {"name":"value"}`}
	}
	_, err = d.encode()
	return d, err
}

// dataDepth is how deep the objects of a data message nest.
const dataDepth = 2
