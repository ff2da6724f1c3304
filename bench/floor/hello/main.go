// Hello is the smallest Go program: the floor for start-up.
package main

import "fmt"

func main() { fmt.Println("1.0.0") }
