import Glibc

/// sprig's arithmetic. Integers wrap around as Go's do.
enum NumberFunctions {
    static let table: [String: TemplateFunction] = [
        "int": TemplateFunction(.any) { call throws(Failure) in .integer(Conversion.integer(call[0]), .int) },
        "int64": TemplateFunction(.any) { call throws(Failure) in .integer(Conversion.integer(call[0]), .int64) },
        "float64": TemplateFunction(.any) { call throws(Failure) in .double(Conversion.double(call[0])) },
        "atoi": TemplateFunction(.string) { call throws(Failure) in
            let text = call.text(0)
            if let number = Int(text) { return .int(number) }
            // Go gives the nearest number for what is too large.
            let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
            guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return .int(0) }
            return .int(text.hasPrefix("-") ? Int.min : Int.max)
        },
        "toDecimal": TemplateFunction(.any) { call throws(Failure) in
            let text = String(decoding: try call.shown(0), as: UTF8.self)
            return .integer(Int64(text, radix: 8) ?? 0, .int64)
        },
        "add1": TemplateFunction(.any) { call throws(Failure) in .integer(Conversion.integer(call[0]) &+ 1, .int64) },
        "add": TemplateFunction(rest: .any) { call throws(Failure) in
            .integer(call.values.reduce(0) { $0 &+ Conversion.integer($1) }, .int64)
        },
        "mul": TemplateFunction(.any, rest: .any) { call throws(Failure) in
            .integer(call.values.reduce(1) { $0 &* Conversion.integer($1) }, .int64)
        },
        "sub": TemplateFunction(.any, .any) { call throws(Failure) in
            .integer(Conversion.integer(call[0]) &- Conversion.integer(call[1]), .int64)
        },
        "div": TemplateFunction(.any, .any) { call throws(Failure) in
            let divisor = Conversion.integer(call[1])
            guard divisor != 0 else { throw divisionByZero }
            return .integer(Conversion.integer(call[0]).dividedReportingOverflow(by: divisor).partialValue, .int64)
        },
        "mod": TemplateFunction(.any, .any) { call throws(Failure) in
            let divisor = Conversion.integer(call[1])
            guard divisor != 0 else { throw divisionByZero }
            return .integer(
                Conversion.integer(call[0]).remainderReportingOverflow(dividingBy: divisor).partialValue, .int64)
        },
        "biggest": extreme(>), "max": extreme(>), "min": extreme(<),
        "maxf": extremeDouble { fmax($0, $1) }, "minf": extremeDouble { fmin($0, $1) },
        "ceil": TemplateFunction(.any) { call throws(Failure) in .double(Conversion.double(call[0]).rounded(.up)) },
        "floor": TemplateFunction(.any) { call throws(Failure) in .double(Conversion.double(call[0]).rounded(.down)) },
        "round": TemplateFunction(.any, .int, rest: .double) { call throws(Failure) in
            let power = pow(10, Double(call.int(1)))
            let digit = power * Conversion.double(call[0])
            let fraction = digit - digit.rounded(.towardZero)
            let rounded = digit.rounded(fraction >= (call.values.count > 2 ? call.double(2) : 0.5) ? .up : .down)
            return .double(rounded / power)
        },
        "add1f": TemplateFunction(.any) { call throws(Failure) in
            try decimal([call[0], .double(1)], { $0.adding($1) }, +)
        },
        "addf": TemplateFunction(rest: .any) { call throws(Failure) in
            try decimal([.double(0)] + call.values, { $0.adding($1) }, +)
        },
        "subf": TemplateFunction(.any, rest: .any) { call throws(Failure) in
            try decimal(call.values, { $0.subtracting($1) }, -)
        },
        "mulf": TemplateFunction(.any, rest: .any) { call throws(Failure) in
            try decimal(call.values, { $0.multiplied(by: $1) }, *)
        },
        "divf": TemplateFunction(.any, rest: .any) { call throws(Failure) in
            for divisor in call.values.dropFirst() where Conversion.double(divisor) == 0 {
                throw Failure("decimal division by 0")
            }
            return try decimal(call.values, { $0.divided(by: $1) }, /)
        },
        "until": TemplateFunction(.int) { call throws(Failure) in
            let stop = call.int(0)
            return try integers(try steps(0, stop, stop < 0 ? -1 : 1, call.budget), call.budget)
        },
        "untilStep": TemplateFunction(.int, .int, .int) { call throws(Failure) in
            try integers(try steps(call.int(0), call.int(1), call.int(2), call.budget), call.budget)
        },
        "seq": TemplateFunction(rest: .int) { call throws(Failure) in
            let numbers = try sequence(call)
            return try call.budget.text(numbers.map(String.init).joined(separator: " "))
        },
    ]

    private static let divisionByZero = Failure("integer divide by zero")

    private static func extreme(_ wins: @escaping @Sendable (Int64, Int64) -> Bool) -> TemplateFunction {
        TemplateFunction(.any, rest: .any) { call throws(Failure) in
            var best = Conversion.integer(call[0])
            for value in call.values.dropFirst() {
                let number = Conversion.integer(value)
                if wins(number, best) { best = number }
            }
            return .integer(best, .int64)
        }
    }

    private static func extremeDouble(_ choose: @escaping @Sendable (Double, Double) -> Double) -> TemplateFunction {
        TemplateFunction(.any, rest: .any) { call throws(Failure) in
            .double(call.values.dropFirst().reduce(Conversion.double(call[0])) { choose($0, Conversion.double($1)) })
        }
    }

    /// Decimal arithmetic from left to right; floating where there are too many digits.
    private static func decimal(
        _ values: [Value], _ exact: (DecimalNumber, DecimalNumber) -> DecimalNumber?,
        _ floating: (Double, Double) -> Double
    ) throws(Failure) -> Value {
        let numbers = values.map(Conversion.double)
        guard let first = numbers.first else { return .double(0) }
        guard numbers.allSatisfy(\.isFinite) else { throw Failure("cannot create a decimal from an infinite number") }
        var total = DecimalNumber(first)
        var approximation = first
        for number in numbers.dropFirst() {
            approximation = total.map { floating($0.double, number) } ?? floating(approximation, number)
            if let left = total, let right = DecimalNumber(number) { total = exact(left, right) } else { total = nil }
        }
        return .double(total?.double ?? approximation)
    }

    private static func steps(_ start: Int, _ stop: Int, _ step: Int, _ budget: Budget) throws(Failure) -> [Int] {
        guard stop < start ? step < 0 : step > 0 else { return [] }
        var numbers: [Int] = []
        var number = start
        while stop < start ? number > stop : number < stop {
            try budget.allocate(64)
            numbers.append(number)
            let (next, overflow) = number.addingReportingOverflow(step)
            if overflow { break }
            number = next
        }
        return numbers
    }

    private static func integers(_ numbers: [Int], _ budget: Budget) throws(Failure) -> Value {
        try budget.list(numbers.map { .int($0) }, of: .int)
    }

    private static func sequence(_ call: Call) throws(Failure) -> [Int] {
        let count = call.values.count
        guard (1...3).contains(count) else { return [] }
        let start = count == 1 ? 1 : call.int(0)
        let end = call.int(count - 1)
        let direction = end < start ? -1 : 1
        let step = count == 3 ? call.int(1) : direction
        if end < start, step > 0 { return [] }
        return try steps(start, end &+ direction, step, call.budget)
    }
}
